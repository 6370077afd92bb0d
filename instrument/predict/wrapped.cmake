# Writes what the linker is told about the archive: every function __wrap_NAME that it defines stands before NAME
# (wrapped.options), and instrumented libraries find them in the program (exported.list).
execute_process(COMMAND ${NM} --defined-only ${ARCHIVE} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "__wrap_[A-Za-z0-9_]+" symbols "${symbols}")
list(REMOVE_DUPLICATES symbols)
list(SORT symbols)
list(TRANSFORM symbols REPLACE "^__wrap_" "--wrap=")
list(JOIN symbols "\n" options)
file(WRITE ${FOLDER}/wrapped.options "${options}\n")
file(WRITE ${FOLDER}/exported.list "{\n  __wrap_*;\n  __gordian_*;\n};\n")
