from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Probabilities")



@_attrs_define
class Probabilities:
    """ The probability of every class; they add up to 1.

        Attributes:
            field_0 (float):
            field_1 (float):
            field_2 (float):
            field_3 (float):
            field_4 (float):
            field_5 (float):
            field_6 (float):
            field_7 (float):
            field_8 (float):
            field_9 (float):
     """

    field_0: float
    field_1: float
    field_2: float
    field_3: float
    field_4: float
    field_5: float
    field_6: float
    field_7: float
    field_8: float
    field_9: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        field_0 = self.field_0

        field_1 = self.field_1

        field_2 = self.field_2

        field_3 = self.field_3

        field_4 = self.field_4

        field_5 = self.field_5

        field_6 = self.field_6

        field_7 = self.field_7

        field_8 = self.field_8

        field_9 = self.field_9


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "0": field_0,
            "1": field_1,
            "2": field_2,
            "3": field_3,
            "4": field_4,
            "5": field_5,
            "6": field_6,
            "7": field_7,
            "8": field_8,
            "9": field_9,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field_0 = d.pop("0")

        field_1 = d.pop("1")

        field_2 = d.pop("2")

        field_3 = d.pop("3")

        field_4 = d.pop("4")

        field_5 = d.pop("5")

        field_6 = d.pop("6")

        field_7 = d.pop("7")

        field_8 = d.pop("8")

        field_9 = d.pop("9")

        probabilities = cls(
            field_0=field_0,
            field_1=field_1,
            field_2=field_2,
            field_3=field_3,
            field_4=field_4,
            field_5=field_5,
            field_6=field_6,
            field_7=field_7,
            field_8=field_8,
            field_9=field_9,
        )


        probabilities.additional_properties = d
        return probabilities

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
