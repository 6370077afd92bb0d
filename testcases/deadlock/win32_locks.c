// SPDX-License-Identifier: MIT
// Win32 critical section and slim lock in both orders, declared as their header does.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
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
    AcquireSRWLockExclusive(&table); // CHECK-DAG: win32_locks.c:[[@LINE]]:
    n++;
    ReleaseSRWLockExclusive(&table);
    LeaveCriticalSection(&heap);
    LeaveCriticalSection(&heap);
}

void drop(void)
{
    AcquireSRWLockExclusive(&table);
    EnterCriticalSection(&heap); // CHECK-DAG: win32_locks.c:[[@LINE]]:
    n--;
    LeaveCriticalSection(&heap);
    ReleaseSRWLockExclusive(&table);
}
