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
            sex (float):
            bmi (float):
            bp (float):
            s1 (float):
            s2 (float):
            s3 (float):
            s4 (float):
            s5 (float):
            s6 (float):
     """

    age: float
    sex: float
    bmi: float
    bp: float
    s1: float
    s2: float
    s3: float
    s4: float
    s5: float
    s6: float





    def to_dict(self) -> dict[str, Any]:
        age = self.age

        sex = self.sex

        bmi = self.bmi

        bp = self.bp

        s1 = self.s1

        s2 = self.s2

        s3 = self.s3

        s4 = self.s4

        s5 = self.s5

        s6 = self.s6


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "age": age,
            "sex": sex,
            "bmi": bmi,
            "bp": bp,
            "s1": s1,
            "s2": s2,
            "s3": s3,
            "s4": s4,
            "s5": s5,
            "s6": s6,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        age = d.pop("age")

        sex = d.pop("sex")

        bmi = d.pop("bmi")

        bp = d.pop("bp")

        s1 = d.pop("s1")

        s2 = d.pop("s2")

        s3 = d.pop("s3")

        s4 = d.pop("s4")

        s5 = d.pop("s5")

        s6 = d.pop("s6")

        data_row = cls(
            age=age,
            sex=sex,
            bmi=bmi,
            bp=bp,
            s1=s1,
            s2=s2,
            s3=s3,
            s4=s4,
            s5=s5,
            s6=s6,
        )

        return data_row

