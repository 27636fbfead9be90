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
            sepal_length_cm (float):
            sepal_width_cm (float):
            petal_length_cm (float):
            petal_width_cm (float):
     """

    sepal_length_cm: float
    sepal_width_cm: float
    petal_length_cm: float
    petal_width_cm: float





    def to_dict(self) -> dict[str, Any]:
        sepal_length_cm = self.sepal_length_cm

        sepal_width_cm = self.sepal_width_cm

        petal_length_cm = self.petal_length_cm

        petal_width_cm = self.petal_width_cm


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "sepal length (cm)": sepal_length_cm,
            "sepal width (cm)": sepal_width_cm,
            "petal length (cm)": petal_length_cm,
            "petal width (cm)": petal_width_cm,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sepal_length_cm = d.pop("sepal length (cm)")

        sepal_width_cm = d.pop("sepal width (cm)")

        petal_length_cm = d.pop("petal length (cm)")

        petal_width_cm = d.pop("petal width (cm)")

        data_row = cls(
            sepal_length_cm=sepal_length_cm,
            sepal_width_cm=sepal_width_cm,
            petal_length_cm=petal_length_cm,
            petal_width_cm=petal_width_cm,
        )

        return data_row

