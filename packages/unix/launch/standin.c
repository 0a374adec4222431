/*
 * standin: a multilog whose log is written by multilogd. It has the pid that supervise knows, the standard error, the environment and the
 * limits; it passes signals on, runs processors, and exits with the code that it is told. The messages: docs/design/logging.md.
 */
#define _GNU_SOURCE
#include "standin.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Of what we say and of what we are sent: multilogd cuts its texts accordingly. */
#define MESSAGE 4097
#define FILES 5

enum { patience = 30, quick = 5, most_quick_deaths = 5 }; /* seconds, seconds, times */

enum end { lost, left };

static const char *dir;
static const char *why; /* 0: multilogd has just ended, there may be another */
static volatile sig_atomic_t terminated, alarmed, continued, child;

/* ---- signals: heard only where we wait ---- */

static const int heard[] = { SIGTERM, SIGALRM, SIGCONT, SIGCHLD, SIGPIPE };
#define HEARD (sizeof heard / sizeof *heard)
static struct sigaction before[HEARD];
static sigset_t mask_before, mask_waiting;

static void note(int sig, siginfo_t *info, void *context)
{
  (void) context;
  if (sig == SIGTERM) terminated = 1;
  else if (sig == SIGALRM) alarmed |= info->si_code != SI_KERNEL; /* that is our own timer */
  else if (sig == SIGCONT) continued = 1;
  else child = 1;
}

static void begin_signals(void)
{
  struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
  sigset_t ours;
  sigemptyset(&ours);
  for (size_t i = 0; i < HEARD; i++)
    if (heard[i] != SIGPIPE) sigaddset(&ours, heard[i]);
  sigprocmask(SIG_BLOCK, &ours, &mask_before);
  mask_waiting = mask_before;
  for (size_t i = 0; i < HEARD; i++) {
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigdelset(&mask_waiting, heard[i]);
    sigaction(heard[i], heard[i] == SIGPIPE ? &ignore : &action, &before[i]);
  }
}

static void end_signals(void)
{
  for (size_t i = 0; i < HEARD; i++) sigaction(heard[i], &before[i], 0);
  sigprocmask(SIG_SETMASK, &mask_before, 0);
}

static void tick(int seconds)
{
  struct itimerval every = { { seconds, 0 }, { seconds, 0 } };
  setitimer(ITIMER_REAL, &every, 0);
}

static long now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec;
}

/* ---- words ---- */

static void show(const char *bytes, size_t length)
{
  while (length) {
    ssize_t n = write(2, bytes, length);
    if (n > 0) {
      bytes += n;
      length -= n;
    } else if (n < 0 && errno == EAGAIN) {
      struct pollfd room = { 2, POLLOUT, 0 };
      poll(&room, 1, -1);
    } else if (n == 0 || errno != EINTR) return; /* nobody minds if nobody can see it */
  }
}

static void warn(const char *what)
{
  char line[MESSAGE];
  int length = snprintf(line, sizeof line, "multilog: warning: %s %s: %s\n", what, dir, why);
  show(line, length < (int) sizeof line ? length : (int) sizeof line - 1);
}

/* ---- looking for multilogd ---- */

/* Only one of our own is trusted with our log. */
static int connect_in(int folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct ucred peer;
  socklen_t length = sizeof peer;
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/socket", folder); /* a path of any length fits */
  if (!connect(fd, (struct sockaddr *) &address, sizeof address)) {
    if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) && peer.uid == geteuid()) return fd;
    errno = EPERM;
  }
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

/* Sleeps until somebody has the FIFO open for reading, or a second has passed. */
static void wait_for_reader(int folder)
{
  sigset_t mask;
  sigprocmask(SIG_SETMASK, &mask_waiting, &mask);
  int fd = openat(folder, "ready", O_WRONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    mkfifoat(folder, "ready", 0600);
    fd = openat(folder, "ready", O_WRONLY | O_CLOEXEC);
  }
  int error = errno;
  if (fd >= 0) close(fd);
  if (fd >= 0 || error != EINTR) poll(0, 0, 50); /* it has died since, or this is no FIFO */
  sigprocmask(SIG_SETMASK, &mask, 0);
}

static int find(int folder, long deadline)
{
  int fd;
  tick(1);
  while ((fd = connect_in(folder)) < 0) {
    why = strerror(errno);
    if (terminated) break;
    if (errno != ENOENT && errno != ECONNREFUSED && errno != ECONNRESET && errno != EINTR && errno != EAGAIN) break;
    if (now() >= deadline) {
      why = "no multilogd is there";
      break;
    }
    wait_for_reader(folder);
  }
  tick(0);
  return fd;
}

static int open_folder(void)
{
  struct stat st;
  int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &st)) why = strerror(errno);
  else if (st.st_uid != geteuid()) why = "it belongs to somebody else";
  else if (st.st_mode & 077) why = "others may enter it";
  else return fd;
  if (fd >= 0) close(fd);
  return -1;
}

/* ---- talking with it ---- */

static void tell(int server, const char *bytes, size_t length)
{
  while (send(server, bytes, length, MSG_NOSIGNAL) < 0 && errno == EINTR); /* if it is gone, we shall hear that */
}

/* The kernel has put the arguments one behind the other: they need not be gathered, and no memory is needed for it. */
static int greet(int server, int argc, char **argv)
{
  char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };
  char *end = argv[argc - 1] + strlen(argv[argc - 1]) + 1;
  struct iovec parts[] = { { "H1", 3 }, { argv[0], end - argv[0] } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof control };
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  ssize_t sent;
  int files[2] = { 0, open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };

  if (files[1] < 0) return -1;
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof files);
  memcpy(CMSG_DATA(head), files, sizeof files);
  do sent = sendmsg(server, &message, MSG_NOSIGNAL); while (sent < 0 && errno == EINTR);
  close(files[1]);
  return sent < 0 ? -1 : 0;
}

static char text[MESSAGE + 1];

/* At most so many seconds (-1: any time). Descriptors that are not there are -1. Returns the length, 0 when multilogd is gone, -1 when it is time to look around. */
static ssize_t hear(int server, int seconds, int *files)
{
  char control[CMSG_SPACE(FILES * sizeof(int))];
  struct iovec part = { text, MESSAGE };
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
  struct pollfd waiting = { server, POLLIN, 0 };
  struct timespec most = { seconds, 0 };
  for (int i = 0; i < FILES; i++) files[i] = -1;
  if (ppoll(&waiting, 1, seconds < 0 ? 0 : &most, &mask_waiting) <= 0) return -1;
  ssize_t length = recvmsg(server, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (length < 0) return errno == EINTR || errno == EAGAIN || errno == ECONNRESET ? -1 : 0; /* reset: what it said before it closed comes next */
  for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head))
    if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) memcpy(files, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
  text[length] = 0;
  return length;
}

/* ---- processors ---- */

static void become_processor(const char *command, int *files)
{
  static const int places[FILES] = { -1, 0, 1, 4, 5 }; /* multilog.c, fullcurrent() */
  char *args[] = { "sh", "-c", (char *) command, 0 };
  if (!fchdir(files[0])) {
    for (int i = 1; i < FILES; i++) files[i] = fcntl(files[i], F_DUPFD_CLOEXEC, 10);
    for (int i = 1; i < FILES; i++) dup2(files[i], places[i]);
    for (size_t i = 0; i < HEARD; i++) {
      struct sigaction fresh = { .sa_handler = SIG_DFL };
      int ours = heard[i] == SIGTERM || heard[i] == SIGALRM;
      sigaction(heard[i], ours ? &fresh : &before[i], 0);
      if (ours) sigdelset(&mask_before, heard[i]);
    }
    sigprocmask(SIG_SETMASK, &mask_before, 0);
    execve("/bin/sh", args, environ);
  }
  snprintf(text, sizeof text, "multilog: fatal: unable to run %s: %s\n", command, strerror(errno));
  show(text, strlen(text));
  _exit(111);
}

static pid_t start_processor(int server, const char *command, int *files)
{
  pid_t pid = -1;
  errno = EMFILE; /* so they did not all come */
  if (command && files[FILES - 1] >= 0) pid = fork();
  if (pid == 0) become_processor(command, files);
  if (pid < 0) {
    char refused[] = { 'P', 'f', (char) errno };
    tell(server, refused, sizeof refused);
  }
  return pid;
}

static void tell_end(int server, int status)
{
  char ended[] = { 'P', WIFSIGNALED(status) ? 's' : 'c', (char) (WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)) };
  tell(server, ended, sizeof ended);
}

/* ---- life ---- */

static enum end serve(int server, int argc, char **argv)
{
  pid_t processor = -1;
  int files[FILES], told = 0, status;
  for (;;) {
    if (terminated && !told++) tell(server, "T", 1);
    if (alarmed) {
      alarmed = 0;
      tell(server, "A", 1);
    }
    if (continued) {
      continued = 0;
      tell(server, "C", 1);
    }
    if (child) {
      child = 0;
      if (processor > 0 && waitpid(processor, &status, WNOHANG) == processor) {
        processor = -1;
        tell_end(server, status);
      }
      while (waitpid(-1, &status, WNOHANG) > 0); /* of an earlier multilogd */
    }
    ssize_t length = hear(server, -1, files);
    if (length == 0) return lost;
    if (length < 0) continue;
    switch (text[0]) {
    case 'E':
      show(text + 1, length - 1);
      tell(server, "e", 1);
      break;
    case 'P': {
      int index = atoi(text + 1);
      processor = start_processor(server, index > 0 && index < argc ? argv[index] + 1 : 0, files);
      break;
    }
    case 'X':
      _exit((unsigned char) text[1]);
    case 'L':
      return left;
    }
    for (int i = 0; i < FILES; i++)
      if (files[i] >= 0) close(files[i]);
  }
}

/* Whether multilogd has taken the log over. */
static int is_taken(int server, long deadline)
{
  int files[FILES];
  ssize_t length;
  do length = hear(server, 1, files); while (length < 0 && now() < deadline && !terminated);
  if (length > 0 && text[0] == 'Y') return 1;
  why = length > 0 && text[0] == 'N' ? text + 1 : length == 0 ? 0 : "multilogd does not answer";
  return 0;
}

/* It is to be ended, and has no log to finish. */
static void obey(enum end how, int served)
{
  if (!terminated) return;
  if (served) _exit(how == left ? 0 : 111);
  end_signals();
  kill(getpid(), SIGTERM);
}

void stand_in(int argc, char **argv)
{
  enum end how = lost;
  int served = 0, quick_deaths = 0;
  dir = getenv("MULTILOG_SHARED");
  if (!dir || !*dir) return;
  if (argc < 1 || fcntl(0, F_GETFD) < 0) return; /* without an input there is nothing to share */
  begin_signals();
  int folder = open_folder();
  for (long deadline = now() + patience; folder >= 0;) {
    int server = find(folder, deadline);
    obey(how, served);
    if (server < 0) break;
    int taken = !greet(server, argc, argv);
    if (!taken) why = errno == EPIPE || errno == ECONNRESET ? 0 : strerror(errno);
    else taken = is_taken(server, deadline);
    if (taken) {
      long since = now();
      how = serve(server, argc, argv);
      served = 1;
      quick_deaths = how == lost && now() - since < quick ? quick_deaths + 1 : 0;
      deadline = now() + patience;
      why = "multilogd has died, waiting for the next one";
      if (how == lost) warn("shared logging in");
    }
    close(server);
    obey(how, served);
    /* It may be this log that it dies of. */
    if (quick_deaths >= most_quick_deaths) {
      why = "multilogd dies again and again";
      break;
    }
    if (!taken && !why && now() >= deadline) why = "multilogd ends again and again";
    if (!taken && why) break;
    if (!taken) poll(0, 0, 50);
  }
  if (folder >= 0) close(folder);
  end_signals();
  warn("logging alone, not in");
}
