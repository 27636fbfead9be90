"""`make bench`: every measurement, one after the other."""

from bench import service

if __name__ == "__main__":
    service.main()
