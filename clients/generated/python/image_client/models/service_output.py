from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.probabilities import Probabilities





T = TypeVar("T", bound="ServiceOutput")



@_attrs_define
class ServiceOutput:
    """ 
        Attributes:
            label (int):
            probabilities (Probabilities):
            width (int):
            height (int):
     """

    label: int
    probabilities: Probabilities
    width: int
    height: int





    def to_dict(self) -> dict[str, Any]:
        from ..models.probabilities import Probabilities # noqa: PLC0415
        label = self.label

        probabilities = self.probabilities.to_dict()

        width = self.width

        height = self.height


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "label": label,
            "probabilities": probabilities,
            "width": width,
            "height": height,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.probabilities import Probabilities # noqa: PLC0415
        d = dict(src_dict)
        label = d.pop("label")

        probabilities = Probabilities.from_dict(d.pop("probabilities"))




        width = d.pop("width")

        height = d.pop("height")

        service_output = cls(
            label=label,
            probabilities=probabilities,
            width=width,
            height=height,
        )

        return service_output

