from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.global_parameters_method import GlobalParametersMethod
from ..models.global_parameters_model import GlobalParametersModel
from ..models.global_parameters_version import GlobalParametersVersion
from ..types import UNSET, Unset






T = TypeVar("T", bound="GlobalParameters")



@_attrs_define
class GlobalParameters:
    """ 
        Attributes:
            model (GlobalParametersModel | Unset):
            version (GlobalParametersVersion | Unset):
            method (GlobalParametersMethod | Unset):
     """

    model: GlobalParametersModel | Unset = UNSET
    version: GlobalParametersVersion | Unset = UNSET
    method: GlobalParametersMethod | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        model: str | Unset = UNSET
        if not isinstance(self.model, Unset):
            model = self.model.value


        version: str | Unset = UNSET
        if not isinstance(self.version, Unset):
            version = self.version.value


        method: str | Unset = UNSET
        if not isinstance(self.method, Unset):
            method = self.method.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if model is not UNSET:
            field_dict["model"] = model
        if version is not UNSET:
            field_dict["version"] = version
        if method is not UNSET:
            field_dict["method"] = method

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _model = d.pop("model", UNSET)
        model: GlobalParametersModel | Unset
        if isinstance(_model,  Unset):
            model = UNSET
        else:
            model = GlobalParametersModel(_model)




        _version = d.pop("version", UNSET)
        version: GlobalParametersVersion | Unset
        if isinstance(_version,  Unset):
            version = UNSET
        else:
            version = GlobalParametersVersion(_version)




        _method = d.pop("method", UNSET)
        method: GlobalParametersMethod | Unset
        if isinstance(_method,  Unset):
            method = UNSET
        else:
            method = GlobalParametersMethod(_method)




        global_parameters = cls(
            model=model,
            version=version,
            method=method,
        )

        return global_parameters

