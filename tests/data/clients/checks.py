"""What a typed Python client must be able to do; prints what it saw, as JSON."""

import io
import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import image_client
import score_client
import visits_client
from image_client.api.scoring import run_ml_service as score_image
from image_client.models import ErrorResponse as ImageError
from image_client.models import Options, OptionsPolarity
from image_client.models import ServiceInput as ImageInput
from image_client.types import File
from image_client.types import Unset as NoImageErrors
from score_client.api.scoring import run_ml_service as score
from score_client.models import DataRow, ErrorResponse, Inputs, ServiceInput
from score_client.types import Unset
from visits_client.api.scoring import run_ml_service as score_visits
from visits_client.models import DataRow as Visit
from visits_client.models import Inputs as VisitInputs
from visits_client.models import ServiceInput as VisitInput
from visits_client.models import ServiceOutput as VisitOutput

images = image_client.AuthenticatedClient(os.environ["IMAGE_ROOT"], token="none")
paths = [Path(os.environ["FOUR"]), Path(os.environ["EIGHT"])]
files = [File(io.BytesIO(path.read_bytes()), path.name) for path in paths]
options = Options(polarity=OptionsPolarity.LIGHT_ON_DARK)
both = score_image.sync(client=images, body=ImageInput(image=files, data=options))
assert isinstance(both, list)
no_picture = score_image.sync_detailed(
    client=images, body=ImageInput(image=[File(io.BytesIO(b"no picture"), "letter.txt")])
)
picture_error = no_picture.parsed
assert isinstance(picture_error, ImageError)
assert not isinstance(picture_error.errors, NoImageErrors)

begins = datetime(2024, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2)))
visits = VisitInput(inputs=VisitInputs(data=[Visit(begins=begins, hours=1.5)]))
answer = score_visits.sync(
    client=visits_client.AuthenticatedClient(os.environ["VISITS_ROOT"], token="none"), body=visits
)
assert isinstance(answer, VisitOutput)
ends = [row.ends.astimezone(timezone.utc) for row in answer.results]

row = DataRow(age=0, sex=0, bmi=0, bp=0, s1=0, s2=0, s3=0, s4=0, s5=0, s6=0)
row.bmi = "abc"  # type: ignore[assignment]  # what a checker would refuse, the service does too
refused = score.sync_detailed(
    client=score_client.AuthenticatedClient(os.environ["SCORE_ROOT"], token="none"),
    body=ServiceInput(inputs=Inputs(data=[row])),
)
error = refused.parsed
assert isinstance(error, ErrorResponse)
assert not isinstance(error.errors, Unset)
where = [field.where for field in error.errors] + [field.where for field in picture_error.errors]
print(
    json.dumps(
        {
            "labels": [picture.label for picture in both],
            "ends": [f"{end:%Y-%m-%dT%H:%M:%S}.{end.microsecond // 1000:03d}Z" for end in ends],
            "statuses": [refused.status_code, no_picture.status_code],
            "where": where,
        }
    )
)
