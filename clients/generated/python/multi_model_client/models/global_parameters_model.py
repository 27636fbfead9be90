from enum import StrEnum

class GlobalParametersModel(StrEnum):
    DIABETES = "diabetes"

    def __str__(self) -> str:
        return str(self.value)
