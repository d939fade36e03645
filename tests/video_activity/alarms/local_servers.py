"""Servers on this machine for the tests of what alarms send."""

import contextlib
import http.server
import socket
import socketserver
import threading


@contextlib.contextmanager
def running(server):
    """Serve in a thread; yield the server with its port."""
    server.daemon_threads = True
    server.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def free_port():
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Receiver(http.server.ThreadingHTTPServer):
    """Takes webhooks: `answers` are (code, headers), the last one for ever."""

    def __init__(self, *answers, address=("127.0.0.1", 0)):
        super().__init__(address, _Post)
        self.answers = list(answers) or [(200, {})]
        self.received = []  # (path, headers, body)
        self.may_answer = threading.Event()
        self.may_answer.set()


class _Post(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.received.append((self.path, dict(self.headers), body))
        server.may_answer.wait(30)
        many = len(server.answers) > 1
        code, headers = server.answers.pop(0) if many else server.answers[0]
        with contextlib.suppress(ConnectionError):
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_GET(self):
        self.server.received.append((self.path, dict(self.headers), None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


class PostOffice(socketserver.ThreadingTCPServer):
    """Speaks SMTP; with `context` STARTTLS, with `refusals` {verb: replies}."""

    allow_reuse_address = True

    def __init__(self, context=None, refusals=None):
        super().__init__(("127.0.0.1", 0), _Letters)
        self.context, self.refusals = context, refusals or {}
        self.letters = []  # (sender, recipients, text, whether encrypted)
        self.logins = []


class _Letters(socketserver.StreamRequestHandler):
    def handle(self):
        self.encrypted, self.sender, self.recipients = False, None, []
        self.say("220 here")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                verb = line.split()[0].upper()
                replies = self.server.refusals.get(verb)
                if replies:
                    self.say(replies.pop(0))
                else:
                    getattr(self, f"do_{verb.lower()}")(line)
                if verb == "QUIT":
                    return

    def finish(self):
        super().finish()
        self.connection.close()  # maybe not the one that the server knows

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def do_ehlo(self, line):
        extra = "STARTTLS" if not self.encrypted else "AUTH PLAIN"
        offers = ["here", *([extra] if self.server.context else [])]
        for place, offer in enumerate(offers, start=1):
            self.say(f"250{' ' if place == len(offers) else '-'}{offer}")

    def do_starttls(self, line):
        self.say("220 go on")
        wrapped = self.server.context.wrap_socket(self.connection, server_side=True)
        self.connection, self.encrypted = wrapped, True
        self.rfile, self.wfile = wrapped.makefile("rb"), wrapped.makefile("wb", 0)

    def do_auth(self, line):
        self.server.logins.append(line.split()[-1])
        self.say("235 welcome")

    def do_mail(self, line):
        self.sender = line.split("<")[1].split(">")[0]
        self.say("250 ok")

    def do_rcpt(self, line):
        self.recipients.append(line.split("<")[1].split(">")[0])
        self.say("250 ok")

    def do_rset(self, line):
        self.recipients = []
        self.say("250 ok")

    def do_data(self, line):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        letter = (self.sender, self.recipients, b"".join(lines), self.encrypted)
        self.server.letters.append(letter)
        self.say("250 taken")

    def do_quit(self, line):
        self.say("221 bye")
