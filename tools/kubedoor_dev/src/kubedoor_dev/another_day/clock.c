// A clock on the wall that is ahead by CLOCK_AHEAD_S seconds, for a program and what it starts (LD_PRELOAD).
//
// Programs read the clock by the functions that the kernel maps into each process (the vDSO), whether they are written in C,
// Python or Go, and ClickHouse's engine does so past the C library, where libfaketime is not asked. So these functions are
// replaced, in the process's own copy of them. Monotonic clocks, and thus most timeouts and sleep, stay as they are. Who waits
// until a time on the wall waits in the kernel, which goes by the true one: that time is set back.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static long ahead_s;

static long ask_kernel(long number, long first, long second) {
  long answer;
  __asm__ volatile("syscall" : "=a"(answer) : "a"(number), "D"(first), "S"(second) : "rcx", "r11", "memory");
  return answer;
}

static int clock_ahead(clockid_t clock, struct timespec *time) {
  long answer = ask_kernel(SYS_clock_gettime, clock, (long)time);
  if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += ahead_s;
  return (int)answer;
}

static int day_ahead(struct timeval *time, void *zone) {
  long answer = ask_kernel(SYS_gettimeofday, (long)time, (long)zone);
  if (answer == 0 && time != NULL) time->tv_sec += ahead_s;
  return (int)answer;
}

static time_t seconds_ahead(time_t *seconds) {
  struct timespec now;
  clock_ahead(CLOCK_REALTIME, &now);
  if (seconds != NULL) *seconds = now.tv_sec;
  return now.tv_sec;
}

// No machine is up for as many seconds as have passed since 1970, so it tells which clock a time is of.
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
  static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  if (wait == NULL) *(void **)&wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  struct timespec truly = *until;
  if (truly.tv_sec > 1000000000) truly.tv_sec -= ahead_s;
  return wait(condition, mutex, &truly);
}

static void replace(char *function, void *by) {
  unsigned char jump[12] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0};  // mov rax, by; jmp rax
  memcpy(jump + 2, &by, sizeof by);
  memcpy(function, jump, sizeof jump);
}

static void replace_named(const char *name, char *function) {
  if (strcmp(name, "__vdso_clock_gettime") == 0) replace(function, (void *)clock_ahead);
  if (strcmp(name, "__vdso_gettimeofday") == 0) replace(function, (void *)day_ahead);
  if (strcmp(name, "__vdso_time") == 0) replace(function, (void *)seconds_ahead);
}

static void give_up(const char *why) {
  fprintf(stderr, "the clock can't be set ahead: %s\n", why);
  abort();
}

__attribute__((constructor)) static void set_ahead(void) {
  const char *given = getenv("CLOCK_AHEAD_S");
  if (given == NULL) return;
  ahead_s = atol(given);
  char *base = (char *)getauxval(AT_SYSINFO_EHDR);
  if (base == NULL) give_up("the kernel maps no vDSO");
  Elf64_Phdr *part = (Elf64_Phdr *)(base + ((Elf64_Ehdr *)base)->e_phoff);
  Elf64_Dyn *dynamic = NULL;
  size_t size = 0;
  for (int i = 0; i < ((Elf64_Ehdr *)base)->e_phnum; i++) {
    if (part[i].p_type == PT_DYNAMIC) dynamic = (Elf64_Dyn *)(base + part[i].p_offset);
    if (part[i].p_type == PT_LOAD) size = part[i].p_memsz;
  }
  Elf64_Sym *symbols = NULL;
  const char *names = NULL;
  for (; dynamic != NULL && dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == DT_SYMTAB) symbols = (Elf64_Sym *)(base + dynamic->d_un.d_ptr);
    if (dynamic->d_tag == DT_STRTAB) names = base + dynamic->d_un.d_ptr;
  }
  if (symbols == NULL || names == NULL) give_up("the vDSO names no functions");
  size = (size + 4095) & ~4095UL;
  if (mprotect(base, size, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) give_up("the vDSO can't be written to");
  for (Elf64_Sym *one = symbols; (const char *)one < names; one++)  // the names lie behind the symbols
    if (one->st_value != 0) replace_named(names + one->st_name, base + one->st_value);
  mprotect(base, size, PROT_READ | PROT_EXEC);
}
