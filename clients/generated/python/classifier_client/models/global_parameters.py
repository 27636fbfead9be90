from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.global_parameters_method import GlobalParametersMethod
from ..types import UNSET, Unset






T = TypeVar("T", bound="GlobalParameters")



@_attrs_define
class GlobalParameters:
    """ 
        Attributes:
            method (GlobalParametersMethod | Unset):
     """

    method: GlobalParametersMethod | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        method: str | Unset = UNSET
        if not isinstance(self.method, Unset):
            method = self.method.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if method is not UNSET:
            field_dict["method"] = method

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _method = d.pop("method", UNSET)
        method: GlobalParametersMethod | Unset
        if isinstance(_method,  Unset):
            method = UNSET
        else:
            method = GlobalParametersMethod(_method)




        global_parameters = cls(
            method=method,
        )

        return global_parameters

