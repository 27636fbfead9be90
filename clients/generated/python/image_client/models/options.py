from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.options_polarity import OptionsPolarity
from ..types import UNSET, Unset






T = TypeVar("T", bound="Options")



@_attrs_define
class Options:
    """ How to read the pictures.

        Attributes:
            polarity (OptionsPolarity | Unset): Without it, found out for each picture.
     """

    polarity: OptionsPolarity | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        polarity: str | Unset = UNSET
        if not isinstance(self.polarity, Unset):
            polarity = self.polarity.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if polarity is not UNSET:
            field_dict["polarity"] = polarity

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _polarity = d.pop("polarity", UNSET)
        polarity: OptionsPolarity | Unset
        if isinstance(_polarity,  Unset):
            polarity = UNSET
        else:
            polarity = OptionsPolarity(_polarity)




        options = cls(
            polarity=polarity,
        )

        return options

