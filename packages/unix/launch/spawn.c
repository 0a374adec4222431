/*
 * spawn: starts `launch` as a child of a supervisor that holds thousands of files.
 *
 * posix_spawn(3) copies the table of all open files for each child and closes them one by one as it executes: with n services every start takes n steps,
 * all services wait meanwhile, and each has room for n files in the kernel as long as it lives. Here the child shares the table, and takes for
 * itself the low end of it (close_range(2), Linux 5.9; before that, all of it). What it shall have is dup'ed there by its parent, to numbers that are kept for that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* on all architectures; older headers do not know it */
#endif
#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2
#endif
#define SIGNALS 64
#define MASK_BYTES (SIGNALS / 8)
#define PLACES 8
#define LOW 64 /* numbers below are near enough: the smallest table that the kernel makes */
#define STACK 65536

struct plan {
  char path[32];
  char **args;
  int session;
  const char *terminal;
  const int *moves; /* pairs: from, to */
  int count;
  unsigned int end; /* of the numbers that the child needs */
  unsigned long long mask;
  volatile int error;
};

static int places[PLACES], place_count;
/* For one child at a time: its parent waits until it has executed. */
static char stack[STACK] __attribute__((aligned(16)));

/* All of it with bare kernel calls: the C library keeps its own two signals from being reset. */
static int child(void *argument)
{
  struct plan *plan = argument;
  char *none[] = { 0 };
  char action[64] = { 0 }; /* struct sigaction, as the kernel has it: the default, no flags */
  if (syscall(SYS_close_range, plan->end, ~0U, CLOSE_RANGE_UNSHARE) && unshare(CLONE_FILES)) goto refused;
  for (int sig = 1; sig <= SIGNALS; sig++) syscall(SYS_rt_sigaction, sig, action, 0, MASK_BYTES);
  if (plan->session && setsid() < 0) goto refused;
  if (plan->terminal) {
    int fd = open(plan->terminal, O_RDWR);
    if (fd < 0 || dup2(fd, 1) < 0) goto refused;
    if (fd != 1) close(fd);
  }
  for (const int *move = plan->moves; move < plan->moves + 2 * plan->count; move += 2)
    if (move[0] == move[1] ? fcntl(move[0], F_SETFD, 0) < 0 : dup2(move[0], move[1]) < 0) goto refused;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &plan->mask, 0, MASK_BYTES);
  execve(plan->path, plan->args, none);
refused:
  plan->error = errno;
  _exit(111);
}

/* Numbers for what children shall have. To be called while low ones are free. */
void spawn_reserve(int program)
{
  while (place_count < PLACES) {
    int fd = fcntl(program, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return;
    places[place_count++] = fd;
  }
}

static int is_target(int fd, const int *moves, int count)
{
  for (int i = 0; i < count; i++)
    if (moves[2 * i + 1] == fd) return 1;
  return 0;
}

/*
 * Returns the pid, or the negative errno. PROGRAM is the open file that is executed. MOVES are COUNT pairs FROM, TO (the same number twice: kept). No TO
 * is the FROM of a later pair. What is not closed on exec and has a number below END is kept too.
 */
int spawn(int program, char **args, const int *moves, int count, int end, int session, const char *terminal)
{
  static const unsigned long long all = ~0ULL;
  int *placed = malloc(2 * count * sizeof *placed + 1);
  struct plan plan = { .args = args, .session = session, .terminal = terminal, .moves = placed, .count = count, .end = program >= end ? program + 1 : end };
  int place = 0, pid = 0, error = 0;
  if (!placed) return -ENOMEM;
  snprintf(plan.path, sizeof plan.path, "/proc/self/fd/%d", program);
  for (int i = 0; i < count && !error; i++) {
    int from = moves[2 * i], to = moves[2 * i + 1];
    if (from != to && from >= LOW) {
      while (place < place_count && is_target(places[place], moves, count)) place++;
      if (place < place_count) {
        if (dup3(from, places[place], O_CLOEXEC) < 0) error = errno;
        from = places[place++];
      }
    }
    placed[2 * i] = from;
    placed[2 * i + 1] = to;
    if ((unsigned) from >= plan.end) plan.end = from + 1;
    if ((unsigned) to >= plan.end) plan.end = to + 1;
  }
  if (!error) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &plan.mask, MASK_BYTES);
    pid = clone(child, stack + STACK, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &plan);
    error = pid < 0 ? errno : plan.error;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &plan.mask, 0, MASK_BYTES);
  }
  if (pid > 0 && error)
    while (waitpid(pid, 0, 0) < 0 && errno == EINTR);
  /* What was lent is held by nobody here: who waits for its end shall see it. */
  while (place > 0) dup3(program, places[--place], O_CLOEXEC);
  free(placed);
  return error ? -error : pid;
}
