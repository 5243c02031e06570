@rem The npm scripts start with "exec", so that a POSIX shell becomes the launcher and signals reach it. cmd.exe has no exec; this is it.
@%*
