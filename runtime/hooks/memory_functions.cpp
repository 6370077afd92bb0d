// SPDX-License-Identifier: MIT
//
// memcpy and its like for this library alone. The compiler calls them by these names, and under a sanitizer
// the names would lead to its interceptors: they look for poison in what the runtime may read (the stack,
// while it is unwound), and may not be ready. Hidden, so nobody else sees them.
#include <cstddef>
#include <cstdint>

// Own names, the library's symbols: the compiler has opinions about functions called memcpy.
#define LOCAL(result, name, parameters)                                                                      \
  extern "C" __attribute__((visibility("hidden"), used)) result local_##name parameters __asm__(#name);      \
  __attribute__((optimize("no-tree-loop-distribute-patterns"))) result local_##name parameters

LOCAL(void *, memcpy, (void *to, const void *from, size_t n)) {
  auto *t = static_cast<unsigned char *>(to);
  auto *f = static_cast<const unsigned char *>(from);
#if defined(__x86_64__)
  __asm__ volatile("rep movsb" : "+D"(t), "+S"(f), "+c"(n) : : "memory");
#else
  while (n--)
    *t++ = *f++;
#endif
  return to;
}

LOCAL(void *, memmove, (void *to, const void *from, size_t n)) {
  auto *t = static_cast<unsigned char *>(to);
  auto *f = static_cast<const unsigned char *>(from);
  if (t < f) {
    while (n--)
      *t++ = *f++;
  } else {
    while (n--)
      t[n] = f[n];
  }
  return to;
}

LOCAL(void *, memset, (void *to, int value, size_t n)) {
  auto *t = static_cast<unsigned char *>(to);
#if defined(__x86_64__)
  __asm__ volatile("rep stosb" : "+D"(t), "+c"(n) : "a"(value) : "memory");
#else
  while (n--)
    *t++ = static_cast<unsigned char>(value);
#endif
  return to;
}

LOCAL(int, memcmp, (const void *a, const void *b, size_t n)) {
  auto *x = static_cast<const unsigned char *>(a), *y = static_cast<const unsigned char *>(b);
  for (; n > 0; n--, x++, y++)
    if (*x != *y)
      return *x < *y ? -1 : 1;
  return 0;
}

LOCAL(size_t, strnlen, (const char *s, size_t limit)) {
  size_t n = 0;
  while (n < limit && s[n])
    n++;
  return n;
}
LOCAL(size_t, strlen, (const char *s)) {
  return local_strnlen(s, SIZE_MAX);
}

LOCAL(int, strncmp, (const char *a, const char *b, size_t n)) {
  for (; n > 0; n--, a++, b++) {
    if (*a != *b)
      return static_cast<unsigned char>(*a) < static_cast<unsigned char>(*b) ? -1 : 1;
    if (!*a)
      return 0;
  }
  return 0;
}
LOCAL(int, strcmp, (const char *a, const char *b)) {
  return local_strncmp(a, b, SIZE_MAX);
}

LOCAL(char *, strchr, (const char *s, int c)) {
  for (;; s++) {
    if (*s == static_cast<char>(c))
      return const_cast<char *>(s);
    if (!*s)
      return nullptr;
  }
}

LOCAL(char *, strrchr, (const char *s, int c)) {
  const char *found = nullptr;
  for (;; s++) {
    if (*s == static_cast<char>(c))
      found = s;
    if (!*s)
      return const_cast<char *>(found);
  }
}

LOCAL(char *, strstr, (const char *text, const char *word)) {
  const size_t n = local_strlen(word);
  for (; *text; text++)
    if (local_strncmp(text, word, n) == 0)
      return const_cast<char *>(text);
  return n == 0 ? const_cast<char *>(text) : nullptr;
}
