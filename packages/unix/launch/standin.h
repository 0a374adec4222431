/*
 * The stand-in: multilog's half of shared logging, docs/design/logging.md. Returns at once where MULTILOG_SHARED is not set, and otherwise
 * only if this log has to be written by a multilog of its own; then everything is as it was.
 */
void stand_in(int argc, char **argv);
