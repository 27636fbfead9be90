from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Probabilities")



@_attrs_define
class Probabilities:
    """ 
        Attributes:
            field_0 (float | None):
            field_1 (float | None):
            field_2 (float | None):
            field_3 (float | None):
            field_4 (float | None):
            field_5 (float | None):
            field_6 (float | None):
            field_7 (float | None):
            field_8 (float | None):
            field_9 (float | None):
     """

    field_0: float | None
    field_1: float | None
    field_2: float | None
    field_3: float | None
    field_4: float | None
    field_5: float | None
    field_6: float | None
    field_7: float | None
    field_8: float | None
    field_9: float | None





    def to_dict(self) -> dict[str, Any]:
        field_0: float | None
        field_0 = self.field_0

        field_1: float | None
        field_1 = self.field_1

        field_2: float | None
        field_2 = self.field_2

        field_3: float | None
        field_3 = self.field_3

        field_4: float | None
        field_4 = self.field_4

        field_5: float | None
        field_5 = self.field_5

        field_6: float | None
        field_6 = self.field_6

        field_7: float | None
        field_7 = self.field_7

        field_8: float | None
        field_8 = self.field_8

        field_9: float | None
        field_9 = self.field_9


        field_dict: dict[str, Any] = {}

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
        def _parse_field_0(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_0 = _parse_field_0(d.pop("0"))


        def _parse_field_1(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_1 = _parse_field_1(d.pop("1"))


        def _parse_field_2(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_2 = _parse_field_2(d.pop("2"))


        def _parse_field_3(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_3 = _parse_field_3(d.pop("3"))


        def _parse_field_4(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_4 = _parse_field_4(d.pop("4"))


        def _parse_field_5(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_5 = _parse_field_5(d.pop("5"))


        def _parse_field_6(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_6 = _parse_field_6(d.pop("6"))


        def _parse_field_7(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_7 = _parse_field_7(d.pop("7"))


        def _parse_field_8(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_8 = _parse_field_8(d.pop("8"))


        def _parse_field_9(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        field_9 = _parse_field_9(d.pop("9"))


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

        return probabilities

