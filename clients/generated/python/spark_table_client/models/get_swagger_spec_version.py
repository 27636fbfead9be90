from enum import StrEnum

class GetSwaggerSpecVersion(StrEnum):
    VALUE_0 = "2"
    VALUE_1 = "2.0"
    VALUE_2 = "3"
    VALUE_3 = "3.0"
    VALUE_4 = "3.1"

    def __str__(self) -> str:
        return str(self.value)
