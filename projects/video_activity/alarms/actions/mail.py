"""Send a notice by e-mail."""

import email.message
import email.utils
import functools
import smtplib
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from projects.video_activity.alarms.actions.action import (
    Action,
    GivenUpError,
    read_events,
)
from projects.video_activity.alarms.actions.retrying import TryLaterError, keep_trying
from projects.video_activity.alarms.actions.trusting import read_ca_file, trust
from projects.video_activity.alarms.notice import Notice, plain
from projects.video_activity.alarms.toml_table import Table

# How the connection is encrypted, and the usual port of each.
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(kw_only=True)
class MailAction(Action):
    """Hands a message to an SMTP server.

    Attributes:
        host: The server.
        port: Its port.
        security: "starttls", "tls" or "none".
        sender: The address of the sender.
        to: The addresses of those who are told.
        user: The name at the server; empty for none.
        password: Of that user.
        ca_file: Certificate that it trusts, instead of those of the system.
        timeout: Seconds for each step of an attempt.
        attempts: How often it is tried.
        first_pause: Seconds after the first failure; see `keep_trying`.
    """

    host: str
    port: int
    security: str = "starttls"
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 20.0
    attempts: int = 5
    first_pause: float = 2.0

    @classmethod
    def read(cls, table: Table) -> "MailAction":
        """Read the settings out of a table of the file."""
        security = table.text("security", "starttls", choices=tuple(_PORTS))
        user = table.text("user", "")
        if user and security == "none":
            table.refuse("user", "`security` starttls or tls with a password", user)
        password = table.secret("password_env")
        if user and not password:
            table.refuse("password_env", "where the password of `user` is", "nothing")
        return cls(
            host=table.text("host"),
            port=table.whole("port", _PORTS[security], least=1, most=65_535),
            security=security,
            sender=_read_addresses(table, "from", (table.text("from"),))[0],
            to=_read_addresses(table, "to", table.texts("to")),
            user=user,
            password=password,
            ca_file=read_ca_file(table),
            timeout=table.number("timeout", 20.0, least=0.1, most=120),
            attempts=table.whole("attempts", 5, least=1, most=20),
            events=read_events(table, "begin"),
        )

    def deliver(self, notice: Notice) -> int:
        """Send it, again and again if need be."""
        attempt = functools.partial(self._send, self._write(notice))
        keep_trying(attempt, self.attempts, self.stop, self.first_pause)
        return 1

    def _write(self, notice: Notice) -> email.message.EmailMessage:
        event = notice.event
        message = email.message.EmailMessage()
        subject = f"Alarm ({event.kind}): {event.label} {event.peak:.2f}"
        subject += f" of {notice.source}" if notice.source else ""
        message["Subject"] = plain(subject)[:200]
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        message["Date"] = email.utils.format_datetime(notice.time)
        message["Message-ID"] = f"<{event.id}.{event.kind}@video-activity.invalid>"
        message.set_content(notice.to_text() + "\n")
        return message

    def _send(self, message: email.message.EmailMessage) -> None:
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                refused = server.send_message(message, self.sender, self.to)
        except (OSError, smtplib.SMTPException) as error:
            Kind = GivenUpError if _is_final(error) else TryLaterError
            raise Kind(_describe(error)) from None
        if refused:
            self.tell(f"email: not sent to {plain(', '.join(refused))}")

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host,
                self.port,
                timeout=self.timeout,
                context=trust(self.ca_file),
            )
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.security == "starttls":
            try:
                server.starttls(context=trust(self.ca_file))
            except BaseException:
                server.close()
                raise
        return server


def _is_final(error: Exception) -> bool:
    """Return whether another attempt would end alike."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return getattr(error, "smtp_code", 0) >= 500 or isinstance(
        error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError
    )


def _describe(error: Exception) -> str:
    return plain(" ".join(str(error).split()))[:200] or type(error).__name__


def _read_addresses(
    table: Table, key: str, addresses: tuple[str, ...]
) -> tuple[str, ...]:
    for address in addresses:
        name, _, host = address.rpartition("@")
        allowed = address.isascii() and address.isprintable()
        if not (name and host and allowed) or set(address) & set(' ,;<>"'):
            table.refuse(key, "addresses like name@example.org", address)
    if not addresses:
        table.refuse(key, "addresses like name@example.org", "none")
    return addresses
