/* SPDX-License-Identifier: MIT */
/*
 * The kernel's threads: pthread create prints the nanoseconds of create, run and join; pthread
 * channel those of a round trip between two threads through a mutex and a condition.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "now.h"

enum { CREATES = 5000, TRIPS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *nothing(void *arg)
{
	return arg;
}

static double create(void)
{
	double t = now();
	pthread_t thread;

	for (int i = 0; i < CREATES; i++)
		if (pthread_create(&thread, NULL, nothing, NULL) != 0 ||
			pthread_join(thread, NULL) != 0)
			return 0;
	return (now() - t) / CREATES;
}

/* Waits TRIPS times for our turn, and gives it away. */
static void trips(int me)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < TRIPS; i++) {
		while (turn != me)
			pthread_cond_wait(&changed, &mutex);
		turn = !me;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&mutex);
}

static void *echo(void *arg)
{
	trips(1);
	return arg;
}

static double channel(void)
{
	pthread_t thread;
	double t = now();

	if (pthread_create(&thread, NULL, echo, NULL) != 0)
		return 0;
	trips(0);
	pthread_join(thread, NULL);
	return (now() - t) / TRIPS;
}

int main(int argc, char **argv)
{
	printf("%.2f\n", argc > 1 && strcmp(argv[1], "create") == 0 ? create() : channel());
	return 0;
}
