from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="PredictProbaResult")



@_attrs_define
class PredictProbaResult:
    """ 
        Attributes:
            setosa (float | None):
            versicolor (float | None):
            virginica (float | None):
     """

    setosa: float | None
    versicolor: float | None
    virginica: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        setosa: float | None
        setosa = self.setosa

        versicolor: float | None
        versicolor = self.versicolor

        virginica: float | None
        virginica = self.virginica


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "setosa": setosa,
            "versicolor": versicolor,
            "virginica": virginica,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_setosa(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        setosa = _parse_setosa(d.pop("setosa"))


        def _parse_versicolor(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        versicolor = _parse_versicolor(d.pop("versicolor"))


        def _parse_virginica(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        virginica = _parse_virginica(d.pop("virginica"))


        predict_proba_result = cls(
            setosa=setosa,
            versicolor=versicolor,
            virginica=virginica,
        )


        predict_proba_result.additional_properties = d
        return predict_proba_result

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
