/* Keep-alive HTTP/1.1 load from requests that were made before: one thread, epoll, so that one request costs us a
 * send, a recv and an event.
 *
 *   cc -O2 -o load load.c
 *   ./load PORT CONNECTIONS WARM_UP_SECONDS SECONDS RATE < requests
 *
 * `requests`: each a 32-bit length and its bytes. RATE 0: each connection asks again as soon as it is answered.
 * RATE n: n requests a second whatever happens, and latency counts from when a request was due.
 * Prints one line of JSON. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define ANSWER 8192

struct connection { int fd, asked; size_t got; double since; char answer[ANSWER]; };
struct request { char *bytes; uint32_t length; };

static struct request *requests;
static size_t known, next;
static int loop, port;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void stop(const char *why) { perror(why); exit(1); }

static void read_requests(void) {
    size_t room = 0;
    uint32_t length;
    while (fread(&length, sizeof length, 1, stdin) == 1) {
        if (known == room && !(requests = realloc(requests, (room = room * 2 + 1024) * sizeof *requests))) stop("memory");
        struct request r = { malloc(length), length };
        if (!r.bytes || fread(r.bytes, 1, length, stdin) != length) stop("requests");
        requests[known++] = r;
    }
}

static void dial(struct connection *c) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) stop("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    c->fd = fd;
    struct epoll_event interest = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &interest);
}

static void ask(struct connection *c, double since) {
    if (next == known) { fprintf(stderr, "out of requests\n"); exit(1); }
    struct request *r = &requests[next++];
    c->got = 0;
    c->asked = 1;
    c->since = since;
    if (send(c->fd, r->bytes, r->length, MSG_NOSIGNAL) != (ssize_t)r->length) stop("send");
}

/* The HTTP status once the whole answer is there, else 0. */
static int answered(struct connection *c) {
    c->answer[c->got] = 0;
    char *end = strstr(c->answer, "\r\n\r\n");
    char *length = strcasestr(c->answer, "\r\ncontent-length:");
    if (!end || !length || length > end) return 0;
    if (c->got < (size_t)(end - c->answer) + 4 + atoi(length + 17)) return 0;
    return atoi(c->answer + 9);
}

static int ascending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int main(int count, char **argument) {
    if (count != 6) { fprintf(stderr, "load PORT CONNECTIONS WARM_UP SECONDS RATE\n"); return 2; }
    int connections = atoi(argument[2]);
    port = atoi(argument[1]);
    double warm_up = atof(argument[3]), seconds = atof(argument[4]), rate = atof(argument[5]);
    read_requests();
    struct connection *all = calloc(connections, sizeof *all), **idle = calloc(connections, sizeof *idle);
    float *latency = malloc(known * sizeof *latency);
    size_t resting = 0, measured = 0, refused = 0;
    loop = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        dial(&all[i]);
        idle[resting++] = &all[i];
    }
    double begin = now() + warm_up, end = begin + seconds, due = begin - warm_up;
    while (!rate && resting) ask(idle[--resting], now());
    for (double t; (t = now()) < end;) {
        for (; rate && due <= t && resting; due += 1 / rate) ask(idle[--resting], due);
        struct epoll_event events[256];
        int pause = rate && resting ? 0 : 10;
        int happened = epoll_wait(loop, events, 256, pause);
        for (int i = 0; i < happened; i++) {
            struct connection *c = events[i].data.ptr;
            ssize_t got = recv(c->fd, c->answer + c->got, ANSWER - 1 - c->got, 0);
            if (got == 0 && !c->asked) { close(c->fd); dial(c); continue; } /* it may, while nothing is asked */
            if (got <= 0) stop("the server hung up");
            c->got += got;
            int status = answered(c);
            if (!status) continue;
            c->asked = 0;
            t = now();
            if (t >= begin && t < end) {
                latency[measured++] = (t - c->since) * 1000;
                if (status != 200 && !refused++) fprintf(stderr, "%.200s\n", c->answer);
            }
            if (rate) idle[resting++] = c;
            else ask(c, t);
        }
    }
    if (!measured) { fprintf(stderr, "no answer at all\n"); return 1; }
    qsort(latency, measured, sizeof *latency, ascending);
    printf("{\"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f, \"refused\": %zu}\n", (measured - refused) / seconds,
           latency[measured / 2], latency[measured * 99 / 100], refused);
    return 0;
}
