/*
 * launch: how one of our commands comes into being, and how the program at the end of it does.
 *
 * A JavaScript runtime changes what it inherited before the first line of ours runs: it raises the limit on open files,
 * gives every ignored signal its default action, empties the signal mask, marks descriptors close-on-exec, obeys
 * variables such as NODE_OPTIONS, and cannot start at all under limits that a C program does not notice. So the two
 * moments around it are in C, and hold no policy:
 *
 *   dist/command/NAME ARG...        in: write down what was inherited, then become  dist/lib/node dist/lib/NAME.cjs
 *   dist/lib/launch FD FLAGS FILES DIR GATE MESSAGE N PATH... ARG...
 *                                   out: put it back, then become the program. FD is the record, DIR the directory to
 *                                   start in (-1: this one), FLAGS `-`, then the standard descriptors to close, then
 *                                   `e` if the program's standard error shall be its standard output, while ours is
 *                                   for the message, and `s` if a script without #! shall be run by /bin/sh. FILES is
 *                                   a list of FROM:TO, descriptors to be moved. GATE is a pipe to wait at (-1: none):
 *                                   after one byte it goes on, at the end of the file it leaves, silently
 *
 *   dist/lib/launch keep [FD...]    hold what was inherited, but for these, for a supervisor that is killed: see keep()
 *
 * The two records (docs/design/launch.md) are sequences of NUL-terminated strings in a memory file:
 *   in:   limits, ignored signals, blocked signals, open descriptors, argc, the arguments, the environment
 *   out:  limits, ignored signals, blocked signals, open descriptors, errno texts, the environment
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "standin.h"

#ifndef SYS_close_range
#define SYS_close_range 436 /* on all architectures; older headers do not know it */
#endif
#define SIGNALS 64
#define LIMITS 16 /* RLIMIT_CPU .. RLIMIT_RTTIME */

extern char **environ;

/*
 * Under these the runtime would not start, or would starve, and the records could not be written (RLIMIT_FSIZE). `least` is what Node 20 was
 * seen to start with; under less it does not even fail, but waits for ever for a thread that it could not make.
 */
static const struct { int limit; rlim_t least; const char *name; } hungry[] = {
  { RLIMIT_AS, 800 << 20, "bytes of address space" },
  { RLIMIT_DATA, 50 << 20, "bytes of data" },
  { RLIMIT_STACK, 0, "" },
  { RLIMIT_NPROC, 0, "" },
  { RLIMIT_NOFILE, 25, "open files" },
  { RLIMIT_FSIZE, 0, "" },
};

static void die(const char *name, const char *what, const char *why)
{
  char message[4096];
  int length = snprintf(message, sizeof message, "%s: fatal: %s: %s\n", name, what, why);
  if (length > (int) sizeof message - 1) length = sizeof message - 1;
  if (write(2, message, length) < 0) _exit(111);
  _exit(111);
}

/* ---- in ---- */

static void print_signals(FILE *record, int (*has)(int))
{
  unsigned long long mask = 0;
  for (int sig = 1; sig <= SIGNALS; sig++)
    if (has(sig)) mask |= 1ULL << (sig - 1);
  fprintf(record, "%llx%c", mask, 0);
}

static sigset_t blocked;

static int is_ignored(int sig)
{
  struct sigaction action;
  return sigaction(sig, 0, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int is_blocked(int sig)
{
  return sigismember(&blocked, sig) == 1;
}

static void print_descriptors(FILE *record)
{
  DIR *dir = opendir("/proc/self/fd");
  struct dirent *entry;
  if (!dir) {
    fputs("0 1 2", record);
  } else {
    while ((entry = readdir(dir)))
      if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(dir)) fprintf(record, "%s ", entry->d_name);
    closedir(dir);
  }
  fputc(0, record);
}

static void write_all(int fd, const char *bytes, size_t length, const char *name)
{
  while (length) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) die(name, "unable to record what was inherited", strerror(errno));
    bytes += n;
    length -= n;
  }
}

static void enter(int argc, char **argv, char *self)
{
  struct rlimit limit[LIMITS];
  char *name = strrchr(self, '/') + 1;
  char *text, number[32];
  size_t length;
  char node[4096 + 32], script[4096 + 32];

  for (int i = 0; i < LIMITS; i++)
    if (getrlimit(i, &limit[i])) limit[i].rlim_cur = limit[i].rlim_max = RLIM_INFINITY;
  for (size_t i = 0; i < sizeof hungry / sizeof *hungry; i++) {
    int which = hungry[i].limit;
    /* beyond the hard limit if we may, else up to it */
    struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY }, some = { limit[which].rlim_max, limit[which].rlim_max };
    if (which != RLIMIT_NOFILE && !setrlimit(which, &all)) continue;
    setrlimit(which, &some);
    if (some.rlim_max < hungry[i].least) {
      char why[200];
      snprintf(why, sizeof why, "the runtime needs %llu %s, the hard limit is %llu",
        (unsigned long long) hungry[i].least, hungry[i].name, (unsigned long long) some.rlim_max);
      die(name, "unable to start", why);
    }
  }

  /* Memory is asked for when it may be had. */
  FILE *record = open_memstream(&text, &length);
  if (!record) die(name, "unable to start", "out of memory");
  for (int i = 0; i < LIMITS; i++) fprintf(record, "%llu:%llu ", (unsigned long long) limit[i].rlim_cur, (unsigned long long) limit[i].rlim_max);
  fputc(0, record);
  print_signals(record, is_ignored);
  sigprocmask(SIG_SETMASK, 0, &blocked);
  print_signals(record, is_blocked);
  print_descriptors(record);
  fprintf(record, "%d%c", argc, 0);
  for (int i = 0; i < argc; i++) fwrite(argv[i], 1, strlen(argv[i]) + 1, record);
  for (char **e = environ; *e; e++) fwrite(*e, 1, strlen(*e) + 1, record);
  if (fclose(record)) die(name, "unable to start", "out of memory");

  int file = memfd_create("launch", MFD_CLOEXEC);
  if (file < 0) die(name, "unable to record what was inherited", strerror(errno));
  /* above 2, so that a closed standard descriptor is not taken for it; without close-on-exec */
  int fd = fcntl(file, F_DUPFD, 3);
  if (fd < 0) die(name, "unable to record what was inherited", strerror(errno));
  close(file);
  signal(SIGXFSZ, SIG_IGN); /* rather a message than death where the hard limit on files is smaller than the record */
  write_all(fd, text, length, name);
  free(text);
  *strrchr(self, '/') = 0; /* .../command */
  /* Not every runtime starts in a directory that was removed: then it starts elsewhere, and goes back. */
  int gone = getcwd(node, sizeof node) ? -1 : open(".", O_PATH | O_DIRECTORY);
  if (gone >= 0 && chdir("/")) die(name, "unable to leave a directory that is gone", strerror(errno));
  snprintf(number, sizeof number, "%d:%d", fd, gone);
  snprintf(node, sizeof node, "%s/../lib/node", self);
  snprintf(script, sizeof script, "%s/../lib/%s.cjs", self, name);
  char **args = calloc(argc + 4, sizeof *args);
  if (!args) die(name, "unable to start", "out of memory");
  args[0] = name;
  args[1] = script;
  args[2] = number;
  for (int i = 1; i < argc; i++) args[2 + i] = argv[i]; /* for ps; the command reads the record */
  char *none[] = { 0 };
  execve(node, args, none);
  char what[sizeof node + 20];
  snprintf(what, sizeof what, "unable to run %s", node);
  die(name, what, strerror(errno));
}

/* ---- out ---- */

static char *next, *end;

static char *field(void)
{
  char *start = next;
  if (next >= end) return "";
  next += strlen(next) + 1;
  return start;
}

static const char *text_of(const char *texts, int error)
{
  char key[16];
  int length = snprintf(key, sizeof key, "%d ", error);
  for (const char *line = texts; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : 0)
    if (!strncmp(line, key, length)) return line + length;
  return "unknown error";
}

/* The record is closed by now, so its number is free. No FROM is another's TO: files that change places are for the caller to sort out. */
static void place(char *files)
{
  while (*files) {
    int from = strtol(files, &files, 10);
    int to = strtol(files + 1, &files, 10);
    while (*files == ' ') files++;
    if (from == to) continue;
    dup2(from, to);
    close(from);
  }
}

static int by_number(const void *a, const void *b)
{
  return *(const int *) a - *(const int *) b;
}

/*
 * What the program shall have: what was inherited, and what was moved. The runtime's threads open files as they please, not always
 * close-on-exec: everything else is closed, where the kernel can (Linux 5.9). There is room for all the numbers in `kept`.
 */
static void close_others(char *inherited, char *files, int complaints, int *kept)
{
  int count = 0;
  kept[count++] = complaints;
  while (*inherited) {
    kept[count++] = strtol(inherited, &inherited, 10);
    while (*inherited == ' ') inherited++;
  }
  while (*files) {
    strtol(files, &files, 10);
    kept[count++] = strtol(files + 1, &files, 10);
    while (*files == ' ') files++;
  }
  qsort(kept, count, sizeof *kept, by_number);
  unsigned int from = 3;
  for (int i = 0; i < count; i++) {
    unsigned int fd = kept[i];
    if (fd > from) syscall(SYS_close_range, from, fd - 1, 0);
    if (fd >= from) from = fd + 1;
  }
  syscall(SYS_close_range, from, ~0U, 0);
}

/* Who started us writes down that he did before he lets us go on: if he is killed in between, nothing was started. */
static void wait_at(int gate)
{
  char byte;
  ssize_t n;
  if (gate < 0) return;
  do n = read(gate, &byte, 1); while (n < 0 && errno == EINTR);
  if (n != 1) _exit(111);
  close(gate);
}

static void leave(char **argv)
{
  int fd = atoi(argv[1]), dir = atoi(argv[4]), count = atoi(argv[7]);
  char *message = argv[6], **path = argv + 8, **args = path + count;
  struct stat st;

  wait_at(atoi(argv[5]));
  if (fstat(fd, &st)) die("launch", "unable to read the record", strerror(errno));
  char *record = malloc(st.st_size + 1);
  if (!record || pread(fd, record, st.st_size, 0) != st.st_size) die("launch", "unable to read the record", "short read");
  record[st.st_size] = 0;
  next = record;
  end = record + st.st_size;
  close(fd);

  char *limits = field();
  unsigned long long ignored = strtoull(field(), 0, 16), mask = strtoull(field(), 0, 16);
  char *open = field(), *texts = field();
  int *kept = malloc((strlen(open) + strlen(argv[3]) + 1) * sizeof *kept);
  size_t size = 0;
  for (char *p = next; p < end; p += strlen(p) + 1) size++;
  char **env = calloc(size + 1, sizeof *env);
  if (!env || !kept) die("launch", "unable to start", "out of memory");
  for (size_t i = 0; i < size; i++) env[i] = field();

  for (char *c = argv[2]; *c; c++)
    if (*c >= '0' && *c <= '9') close(*c - '0');
  int complaints = 2;
  if (strchr(argv[2], 'e')) {
    complaints = fcntl(2, F_DUPFD_CLOEXEC, 3);
    dup2(1, 2);
  }
  if (dir >= 0) {
    int failed = fchdir(dir), why = errno;
    close(dir);
    errno = why;
    if (failed) goto refused;
  }
  place(argv[3]);
  close_others(open, argv[3], complaints, kept);
  for (int sig = 1; sig <= SIGNALS; sig++) signal(sig, ignored >> (sig - 1) & 1 ? SIG_IGN : SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  for (int sig = 1; sig <= SIGNALS; sig++)
    if (mask >> (sig - 1) & 1) sigaddset(&set, sig);
  sigprocmask(SIG_SETMASK, &set, 0);
  /* All memory is in hand; from here on the limits may be as small as they like. */
  for (int i = 0; i < LIMITS && *limits; i++) {
    struct rlimit limit;
    limit.rlim_cur = strtoull(limits, &limits, 10);
    limit.rlim_max = strtoull(limits + 1, &limits, 10);
    while (*limits == ' ') limits++;
    setrlimit(i, &limit);
  }

  /* djb's pathexec_env.c: a directory that is not there is passed over, one that refuses is remembered, anything else ends the search */
  int remembered = 0;
  for (int i = 0; i < count; i++) {
    execve(path[i], args, env);
    if (errno == ENOEXEC && strchr(argv[2], 's')) {
      /* args[-1] is path[count-1], not needed any more: the shell's name goes there, the script's path after it */
      char *script = path[i];
      args[-1] = "/bin/sh";
      args[0] = script;
      execve("/bin/sh", args - 1, env);
    }
    if (errno == ENOENT) continue;
    if (errno != EACCES && errno != EPERM && errno != EISDIR) goto refused;
    remembered = errno;
  }
  errno = remembered ? remembered : ENOENT;
refused:;
  const char *why = text_of(texts, errno);
  char line[8192];
  int length = snprintf(line, sizeof line, "%s%.*s\n", message, (int) strcspn(why, "\n"), why);
  if (length > (int) sizeof line - 1) length = sizeof line - 1;
  if (write(complaints, line, length) < 0) _exit(111);
  _exit(111);
}

/* ---- keep ---- */

/*
 * A pipe lives as long as somebody has it open. This process has, when the supervisor is killed: so no service is ended
 * by a pipe without a reader, no logger by one without a writer, and what is in the pipe stays. It holds what it
 * inherited, and each descriptor of its parent whose number arrives, on a line, at its standard input. An empty line says that
 * it is written down where the next supervisor finds it: before that it ends with its parent, after that only KILL ends it.
 * The descriptors in its arguments are none of its business.
 */
static void keep(char **others)
{
  int number = 0, digits = 0, stays = 0, deadly[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
  pid_t parent = getppid();
  char digit, path[64];
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) signal(deadly[i], SIG_IGN);
  while (*others) close(atoi(*others++));
  while (read(0, &digit, 1) > 0) {
    if (digit != '\n') {
      number = number * 10 + digit - '0';
      digits++;
      continue;
    }
    if (digits) {
      snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long) parent, number);
      open(path, O_RDWR | O_NONBLOCK);
    } else stays = 1;
    number = digits = 0;
  }
  if (!stays) _exit(0);
  for (;;) pause();
}

int main(int argc, char **argv)
{
  char self[4096];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length <= 0) die("launch", "unable to read /proc/self/exe", strerror(errno));
  self[length] = 0;
  /* A supervisor holds the file while an upgrade replaces it; the kernel then appends " (deleted)". */
  char *name = strrchr(self, '/') + 1;
  if (!strcmp(name, "multilog")) stand_in(argc, argv);
  if (strcmp(name, "launch") && strcmp(name, "launch (deleted)")) enter(argc, argv, self);
  if (argc >= 2 && !strcmp(argv[1], "keep")) keep(argv + 2);
  if (argc < 10) die("launch", "usage", "launch fd flags files dir gate message count path... arg...");
  leave(argv);
}
