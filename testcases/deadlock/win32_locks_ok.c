// SPDX-License-Identifier: MIT
// One order.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
typedef struct { void *p; } CRITICAL_SECTION, SRWLOCK;
void InitializeCriticalSection(CRITICAL_SECTION *);
void EnterCriticalSection(CRITICAL_SECTION *);
void LeaveCriticalSection(CRITICAL_SECTION *);
void AcquireSRWLockExclusive(SRWLOCK *);
void ReleaseSRWLockExclusive(SRWLOCK *);

static CRITICAL_SECTION heap;
static SRWLOCK table;
static int n;

void setup(void)
{
    InitializeCriticalSection(&heap);
}

void add(void)
{
    EnterCriticalSection(&heap);
    EnterCriticalSection(&heap);
    AcquireSRWLockExclusive(&table);
    n++;
    ReleaseSRWLockExclusive(&table);
    LeaveCriticalSection(&heap);
    LeaveCriticalSection(&heap);
}

void drop(void)
{
    EnterCriticalSection(&heap);
    AcquireSRWLockExclusive(&table);
    n--;
    ReleaseSRWLockExclusive(&table);
    LeaveCriticalSection(&heap);
}
