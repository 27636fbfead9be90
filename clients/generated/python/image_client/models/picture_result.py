from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.probabilities import Probabilities





T = TypeVar("T", bound="PictureResult")



@_attrs_define
class PictureResult:
    """ What one picture shows.

        Attributes:
            label (int):
            probabilities (Probabilities): The probability of every class; they add up to 1.
            width (int): In pixels, as received.
            height (int): In pixels, as received.
     """

    label: int
    probabilities: Probabilities
    width: int
    height: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.probabilities import Probabilities # noqa: PLC0415
        label = self.label

        probabilities = self.probabilities.to_dict()

        width = self.width

        height = self.height


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        picture_result = cls(
            label=label,
            probabilities=probabilities,
            width=width,
            height=height,
        )


        picture_result.additional_properties = d
        return picture_result

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
