from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.error_response import ErrorResponse
from ...models.get_swagger_spec_response_200 import GetSwaggerSpecResponse200
from ...models.get_swagger_spec_version import GetSwaggerSpecVersion
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    version: GetSwaggerSpecVersion | Unset = GetSwaggerSpecVersion.VALUE_0,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_version: str | Unset = UNSET
    if not isinstance(version, Unset):
        json_version = version.value

    params["version"] = json_version


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/swagger.json",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ErrorResponse | GetSwaggerSpecResponse200:
    if response.status_code == 200:
        response_200 = GetSwaggerSpecResponse200.from_dict(response.json())



        return response_200

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())



        return response_404

    response_default = ErrorResponse.from_dict(response.json())



    return response_default



def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ErrorResponse | GetSwaggerSpecResponse200]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    version: GetSwaggerSpecVersion | Unset = GetSwaggerSpecVersion.VALUE_0,

) -> Response[ErrorResponse | GetSwaggerSpecResponse200]:
    """ This document

     The description of the service, in the version asked for.

    Args:
        version (GetSwaggerSpecVersion | Unset):  Default: GetSwaggerSpecVersion.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | GetSwaggerSpecResponse200]
     """


    kwargs = _get_kwargs(
        version=version,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient | Client,
    version: GetSwaggerSpecVersion | Unset = GetSwaggerSpecVersion.VALUE_0,

) -> ErrorResponse | GetSwaggerSpecResponse200 | None:
    """ This document

     The description of the service, in the version asked for.

    Args:
        version (GetSwaggerSpecVersion | Unset):  Default: GetSwaggerSpecVersion.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | GetSwaggerSpecResponse200
     """


    return sync_detailed(
        client=client,
version=version,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    version: GetSwaggerSpecVersion | Unset = GetSwaggerSpecVersion.VALUE_0,

) -> Response[ErrorResponse | GetSwaggerSpecResponse200]:
    """ This document

     The description of the service, in the version asked for.

    Args:
        version (GetSwaggerSpecVersion | Unset):  Default: GetSwaggerSpecVersion.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | GetSwaggerSpecResponse200]
     """


    kwargs = _get_kwargs(
        version=version,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    version: GetSwaggerSpecVersion | Unset = GetSwaggerSpecVersion.VALUE_0,

) -> ErrorResponse | GetSwaggerSpecResponse200 | None:
    """ This document

     The description of the service, in the version asked for.

    Args:
        version (GetSwaggerSpecVersion | Unset):  Default: GetSwaggerSpecVersion.VALUE_0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | GetSwaggerSpecResponse200
     """


    return (await asyncio_detailed(
        client=client,
version=version,

    )).parsed
