from enum import StrEnum

class OptionsPolarity(StrEnum):
    DARK_ON_LIGHT = "dark on light"
    LIGHT_ON_DARK = "light on dark"

    def __str__(self) -> str:
        return str(self.value)
