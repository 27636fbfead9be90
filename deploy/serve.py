"""The old name of `python -m deploy serve`, for one release."""

from deploy.cli.moved import moved

if __name__ == "__main__":
    moved("serve")
