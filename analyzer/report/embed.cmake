# Makes a C++ source with the bytes of files in it, as a function that report/embedded.h declares:
#   cmake -DOUT=x.cpp -DSYMBOL=rulePages "-DNAMES=a;b" "-DFILES=/a.md;/b.md" -P embed.cmake
set(arrays "")
set(rows "")
set(n 0)
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n"
         bytes "${bytes}")
  string(APPEND arrays "static const unsigned char k${n}[] = {${bytes}0};\n")
  string(APPEND rows "  {\"${name}\", {reinterpret_cast<const char *>(k${n}), sizeof(k${n}) - 1}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUT} "// Made by embed.cmake.
#include \"report/embedded.h\"

${arrays}
static const gordian::report::EmbeddedFile kFiles[] = {
${rows}  {\"\", \"\"}};

llvm::ArrayRef<gordian::report::EmbeddedFile> gordian::report::${SYMBOL}() {
  return llvm::ArrayRef(kFiles).drop_back();
}
")
