from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.error_response import ErrorResponse
from ...models.picture_result import PictureResult
from ...models.service_input import ServiceInput
from typing import cast



def _get_kwargs(
    *,
    body: ServiceInput,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/score",
    }

    _kwargs["files"] = body.to_multipart()

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ErrorResponse | list[PictureResult] | PictureResult:
    if response.status_code == 200:
        def _parse_response_200(data: object) -> list[PictureResult] | PictureResult:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_service_output_type_0 = PictureResult.from_dict(data)



                return componentsschemas_service_output_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            componentsschemas_service_output_type_1 = []
            _componentsschemas_service_output_type_1 = data
            for componentsschemas_service_output_type_1_item_data in (_componentsschemas_service_output_type_1):
                componentsschemas_service_output_type_1_item = PictureResult.from_dict(componentsschemas_service_output_type_1_item_data)



                componentsschemas_service_output_type_1.append(componentsschemas_service_output_type_1_item)

            return componentsschemas_service_output_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())



        return response_400

    if response.status_code == 413:
        response_413 = ErrorResponse.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = ErrorResponse.from_dict(response.json())



        return response_415

    if response.status_code == 500:
        response_500 = ErrorResponse.from_dict(response.json())



        return response_500

    response_default = ErrorResponse.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ErrorResponse | list[PictureResult] | PictureResult]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ServiceInput,

) -> Response[ErrorResponse | list[PictureResult] | PictureResult]:
    """ Read digits in pictures

     Read the handwritten digit in each picture. One picture is answered with one object, several with a
    list in their order. Pictures come as multipart files in the field image, as a raw body of an image
    type, or as base64 in JSON.

    Args:
        body (ServiceInput):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[PictureResult] | PictureResult]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: ServiceInput,

) -> ErrorResponse | list[PictureResult] | PictureResult | None:
    """ Read digits in pictures

     Read the handwritten digit in each picture. One picture is answered with one object, several with a
    list in their order. Pictures come as multipart files in the field image, as a raw body of an image
    type, or as base64 in JSON.

    Args:
        body (ServiceInput):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[PictureResult] | PictureResult
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ServiceInput,

) -> Response[ErrorResponse | list[PictureResult] | PictureResult]:
    """ Read digits in pictures

     Read the handwritten digit in each picture. One picture is answered with one object, several with a
    list in their order. Pictures come as multipart files in the field image, as a raw body of an image
    type, or as base64 in JSON.

    Args:
        body (ServiceInput):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | list[PictureResult] | PictureResult]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ServiceInput,

) -> ErrorResponse | list[PictureResult] | PictureResult | None:
    """ Read digits in pictures

     Read the handwritten digit in each picture. One picture is answered with one object, several with a
    list in their order. Pictures come as multipart files in the field image, as a raw body of an image
    type, or as base64 in JSON.

    Args:
        body (ServiceInput):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | list[PictureResult] | PictureResult
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
