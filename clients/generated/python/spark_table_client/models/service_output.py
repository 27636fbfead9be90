from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="ServiceOutput")



@_attrs_define
class ServiceOutput:
    """ 
        Attributes:
            results (list[float | None]): One result per row of the input, in its order.
     """

    results: list[float | None]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        results = []
        for results_item_data in self.results:
            results_item: float | None
            results_item = results_item_data
            results.append(results_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "Results": results,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        results = []
        _results = d.pop("Results")
        for results_item_data in (_results):
            def _parse_results_item(data: object) -> float | None:
                if data is None:
                    return data
                return cast(float | None, data)

            results_item = _parse_results_item(results_item_data)

            results.append(results_item)


        service_output = cls(
            results=results,
        )


        service_output.additional_properties = d
        return service_output

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
