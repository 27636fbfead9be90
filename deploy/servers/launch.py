"""What happens in the server's process before the server starts; passed to `python -c` as text.

    python -c TEXT LIFELINE LISTENERS the arguments of the Python that becomes the server

LISTENERS are the descriptors of bound sockets, with commas between them. They are handed over as
systemd does it (sd_listen_fds(3)); gunicorn takes them instead of the address that azmlinfsrv
gives it, which is every interface of the machine. LIFELINE is the reading end of a pipe that the
starter holds open: when the starter ends, however it does, the server ends too, unless the starter
has written a byte before.
"""

import fcntl
import os
import signal
import sys
import time

#: As long as gunicorn may take to end politely, which is 30 s, and a little more.
POLITE_SECONDS = 35
PAUSE_SECONDS = 0.1

#: Where systemd's convention has the first socket, and a number above all that are in use.
FIRST, HIGH = 3, 100


def watch(lifeline: int) -> None:
    """Fork a process that ends this process group when its starter has ended."""
    server = os.getpid()
    if middle := os.fork():
        os.waitpid(middle, 0)
        os.close(lifeline)
        return
    # A grandchild: gunicorn's children are its workers, and nothing else.
    if os.fork():
        os._exit(0)
    os.closerange(0, lifeline)
    os.closerange(lifeline + 1, 256)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.read(lifeline, 1):
        os._exit(0)
    os.killpg(0, signal.SIGTERM)
    for _ in range(int(POLITE_SECONDS / PAUSE_SECONDS)):
        try:
            os.kill(server, 0)
        except ProcessLookupError:
            break
        time.sleep(PAUSE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def hand_over(listeners: list[int]) -> None:
    """Put the sockets where gunicorn looks for them."""
    # By way of high numbers: one socket's place may be another's number.
    high = [fcntl.fcntl(number, fcntl.F_DUPFD, HIGH) for number in listeners]
    for number in listeners:
        os.close(number)
    for place, number in enumerate(high, FIRST):
        os.dup2(number, place)
        os.close(number)
    os.environ["LISTEN_PID"], os.environ["LISTEN_FDS"] = str(os.getpid()), str(len(listeners))


def main() -> None:
    """Start the server in this process."""
    lifeline, listeners, *arguments = sys.argv[1:]
    watch(int(lifeline))
    hand_over([int(number) for number in listeners.split(",")])
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - the same process


main()
