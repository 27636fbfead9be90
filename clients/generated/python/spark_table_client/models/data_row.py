from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="DataRow")



@_attrs_define
class DataRow:
    """ 
        Attributes:
            age (float):
            bmi (float):
            bp (float):
            s5 (float):
     """

    age: float
    bmi: float
    bp: float
    s5: float





    def to_dict(self) -> dict[str, Any]:
        age = self.age

        bmi = self.bmi

        bp = self.bp

        s5 = self.s5


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "age": age,
            "bmi": bmi,
            "bp": bp,
            "s5": s5,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        age = d.pop("age")

        bmi = d.pop("bmi")

        bp = d.pop("bp")

        s5 = d.pop("s5")

        data_row = cls(
            age=age,
            bmi=bmi,
            bp=bp,
            s5=s5,
        )

        return data_row

