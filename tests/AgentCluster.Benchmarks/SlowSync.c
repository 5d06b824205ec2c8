/* A disk whose syncs take longer, for one process: loaded before libc (LD_PRELOAD), it lets each fsync and fdatasync
   end AGENTCLUSTER_SYNC_MICROS microseconds later than the disk would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_call)(int);

static void wait_longer(void)
{
    const char *micros = getenv("AGENTCLUSTER_SYNC_MICROS");
    long wanted = micros ? atol(micros) : 0;
    struct timespec left = { wanted / 1000000, (wanted % 1000000) * 1000 };
    while (nanosleep(&left, &left) != 0) {
    }
}

int fsync(int file)
{
    int result = ((sync_call)dlsym(RTLD_NEXT, "fsync"))(file);
    wait_longer();
    return result;
}

int fdatasync(int file)
{
    int result = ((sync_call)dlsym(RTLD_NEXT, "fdatasync"))(file);
    wait_longer();
    return result;
}
