"""`make bench`: every measurement, one after the other."""

from bench import client, decode, encode, hosts, image, request, service, sharing, studio

if __name__ == "__main__":
    service.main()
    decode.main()
    encode.main()
    request.main()
    hosts.main()
    sharing.main()
    image.main()
    client.main()
    studio.main()
