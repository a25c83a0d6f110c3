/* SPDX-License-Identifier: MIT */
/*
 * Variables of every kind, for tests/image/variables.c and tests/variables.py, which is why it does
 * nothing of use. It calls stop where there is something to be looked at.
 */
#include <stdbool.h>
#include <stdint.h>

enum status { IDLE, RUNNING = 2, DEAD = -1 };
enum flags { NONE, LARGE = 0x80 };

struct m;
typedef struct g G;
typedef int (*start_fn)(struct g *gp, const char *why, ...);

struct g {
	enum status status;
	struct m *m;
	char name[8];
	unsigned low : 3, high : 30;
	int sign : 2;
	union {
		uint64_t word;
		float part;
	};
	start_fn start;
	const volatile struct hidden *hidden;
	uint8_t bytes[12];
	short grid[2][3];
	void (*handlers[2])(void);
};

struct m {
	struct g *curg;
	bool spinning;
	_Atomic int ids[4];
	struct {
		struct g **head;
		struct {
			int n;
		} inner;
	} queue;
};

static long calls;

__attribute__((noinline)) void stop(void)
{
	calls++;
	__asm__ volatile("" ::: "memory");
}

static inline __attribute__((always_inline)) int twice(int value)
{
	static int uses;
	int doubled = 2 * value;
	uses++;
	stop();
	return doubled + uses;
}

__attribute__((noinline)) static int start(struct g *gp, const char *why, ...)
{
	static int starts;
	int length = 0;
	while (why[length])
		length++;
	starts++;
	stop();
	return length + (int)gp->status + starts;
}

__attribute__((noinline)) static double numbers(
	signed char tiny, unsigned char byte, int64_t large, float half, double third)
{
	enum flags flags = large ? LARGE : NONE;
	long double precise = third;
	bool same = third == half;
	stop();
	return tiny + byte + (double)large + half + (double)precise + same + flags;
}

__attribute__((noinline)) static int work(G *gp, int n, const char *const why, start_fn fn)
{
	struct m mine = {.curg = gp, .ids = {1, 2, 3, 4}};
	G copy = *gp;
	int sum = 0;
	for (int i = 0; i < n; i++) {
		int sum = twice(i);
		gp->bytes[i] += sum;
		stop();
	}
	{
		struct m *const other = &mine;
		char text[16] = "in a \"block\"\n";
		text[n] = '-';
		gp->m = other;
		other->queue.head = &other->curg;
		stop();
		sum += text[1];
	}
	sum += fn(gp, why, n);
	stop();
	gp->m = 0;
	return sum + copy.bytes[1] + mine.ids[n & 3];
}

int main(void)
{
	G first = {.status = RUNNING, .name = "first", .low = 5, .high = 1 << 29, .sign = -2};
	first.word = 0x3f000000;
	first.grid[1][2] = -7;
	first.handlers[1] = stop;
	int is = work(&first, 3, "why not", start);
	double all = numbers(-1, 'z', -5000000000, 0.5f, 1. / 3);
	stop();
	return is + (long)all + calls == 42;
}
