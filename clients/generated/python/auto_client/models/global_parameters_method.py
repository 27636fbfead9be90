from enum import StrEnum

class GlobalParametersMethod(StrEnum):
    PREDICT = "predict"

    def __str__(self) -> str:
        return str(self.value)
