from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field
import json
from .. import types

from ..types import UNSET, Unset

from ..types import File, FileTypes
from ..types import UNSET, Unset
from io import BytesIO
from typing import cast

if TYPE_CHECKING:
  from ..models.options import Options





T = TypeVar("T", bound="ServiceInput")



@_attrs_define
class ServiceInput:
    """ 
        Attributes:
            image (list[File]): The picture's file; the field may be repeated for several pictures.
            data (Options | Unset): How to read the pictures.
     """

    image: list[File]
    data: Options | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.options import Options # noqa: PLC0415
        image = []
        for image_item_data in self.image:
            image_item = image_item_data.to_tuple()

            image.append(image_item)



        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "image": image,
        })
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict


    def to_multipart(self) -> types.RequestFiles:
        from ..models.options import Options # noqa: PLC0415
        files: types.RequestFiles = []

        for image_item_element in self.image:
            files.append(("image", image_item_element.to_tuple()))




        if not isinstance(self.data, Unset):
            files.append(("data", (None, json.dumps( self.data.to_dict()).encode(), "application/json")))





        return files


    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.options import Options # noqa: PLC0415
        d = dict(src_dict)
        image = []
        _image = d.pop("image")
        for image_item_data in (_image):
            image_item = File(
                 payload = BytesIO(image_item_data)
            )



            image.append(image_item)


        _data = d.pop("data", UNSET)
        data: Options | Unset
        if isinstance(_data,  Unset):
            data = UNSET
        else:
            data = Options.from_dict(_data)




        service_input = cls(
            image=image,
            data=data,
        )

        return service_input

