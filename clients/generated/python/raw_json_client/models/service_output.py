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
            result (list[float | None]):
     """

    result: list[float | None]





    def to_dict(self) -> dict[str, Any]:
        result = []
        for result_item_data in self.result:
            result_item: float | None
            result_item = result_item_data
            result.append(result_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "result": result,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        result = []
        _result = d.pop("result")
        for result_item_data in (_result):
            def _parse_result_item(data: object) -> float | None:
                if data is None:
                    return data
                return cast(float | None, data)

            result_item = _parse_result_item(result_item_data)

            result.append(result_item)


        service_output = cls(
            result=result,
        )

        return service_output

