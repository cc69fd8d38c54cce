// measure [--differs] <runs> <folder> <command...>: see ci/measure.
//
// In C, and by vfork, because what measures must be small: a process begins as a copy of its parent, whose memory counts as
// its own peak and whose pages take a millisecond to copy where an interpreter is the parent.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(struct timespec time) { return time.tv_sec * 1e3 + time.tv_nsec / 1e6; }
static double spent(struct timeval time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

static double median(double *values, int count) {
    qsort(values, count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static int opened(const char *folder, const char *name) {
    char path[4096];
    if (strcmp(folder, "-") == 0) snprintf(path, sizeof path, "/dev/null");
    else snprintf(path, sizeof path, "%s/%s", folder, name);
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) { perror(path); exit(1); }
    return descriptor;
}

static void tell(int descriptor) {
    char text[4096];
    ssize_t count;
    lseek(descriptor, 0, SEEK_SET);
    while ((count = read(descriptor, text, sizeof text)) > 0) fwrite(text, 1, count, stderr);
}

int main(int count, char **arguments) {
    int differs = count > 1 && strcmp(arguments[1], "--differs") == 0;
    if (count - differs < 4 || atoi(arguments[1 + differs]) < 1) {
        fprintf(stderr, "usage: measure [--differs] <runs> <folder> <command...>\n");
        return 2;
    }
    int runs = atoi(arguments[1 + differs]);
    char **command = arguments + 3 + differs;
    int output = opened(arguments[2 + differs], "output"), error = opened(arguments[2 + differs], "error");
    double *wall = calloc(runs, sizeof *wall), *processor = calloc(runs, sizeof *processor), *peak = calloc(runs, sizeof *peak);
    for (int run = 0; run < runs; run++) {
        for (int each = 0; each < 2; each++) {
            int descriptor = each ? error : output;
            if (lseek(descriptor, 0, SEEK_SET) == 0 && ftruncate(descriptor, 0) != 0 && errno != EINVAL) { perror("measure"); return 1; }
        }
        struct timespec start, end;
        struct rusage usage;
        int status;
        clock_gettime(CLOCK_MONOTONIC, &start);
        pid_t child = vfork();
        if (child == 0) {
            dup2(output, 1);
            dup2(error, 2);
            execvp(command[0], command);
            _exit(127);
        }
        if (child < 0 || wait4(child, &status, 0, &usage) < 0) { perror("measure"); return 1; }
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > differs) {
            fprintf(stderr, "%s failed (%d): ", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
            tell(error);
            return 1;
        }
        wall[run] = milliseconds(end) - milliseconds(start);
        processor[run] = spent(usage.ru_utime) + spent(usage.ru_stime);
        peak[run] = usage.ru_maxrss / 1024.0;
    }
    printf("%.2f %.2f %.1f\n", median(wall, runs), median(processor, runs), median(peak, runs));
    return 0;
}
