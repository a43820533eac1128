"""A terminal that shows pictures: answering_terminal.py kitty|sixel|silent COMMAND …; prints all that the command wrote."""
import fcntl, os, pty, struct, sys, termios

ANSWERS = {
    "kitty": b"\x1b_Gi=31;OK\x1b\\\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[6;24;12t\x1b[?62;22c",
    "sixel": b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[6;20;10t\x1b[?62;4;22c",
    "silent": b"",
}
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
written = b""
asked = False
while True:
    try:
        some = os.read(terminal, 65536)
    except OSError:
        break
    if not some:
        break
    written += some
    if not asked and b"\x1b[c" in written:
        asked = True
        os.write(terminal, ANSWERS[sys.argv[1]])
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(written)
sys.exit(os.waitstatus_to_exitcode(status))
