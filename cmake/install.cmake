# What `cmake --install` lays down beside the programs and libraries (each target installs itself, the headers with them): the
# CMake package that makes find_package(Gordian) give Gordian::sync, the manual page, shell completions, documents.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Gordian)

install(TARGETS gordian-sync EXPORT GordianTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT GordianTargets NAMESPACE Gordian:: DESTINATION ${package_dir})
configure_package_config_file(cmake/GordianConfig.cmake.in ${PROJECT_BINARY_DIR}/GordianConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/GordianConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/GordianConfig.cmake ${PROJECT_BINARY_DIR}/GordianConfigVersion.cmake
        DESTINATION ${package_dir})

install(FILES docs/gordian.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")

# gordian_completion(SHELL FOLDER FILE): made by the program itself, so that no option is forgotten.
function(gordian_completion shell folder file)
  set(script ${PROJECT_BINARY_DIR}/completions/${file})
  add_custom_command(OUTPUT ${script} DEPENDS gordian VERBATIM
    COMMAND gordian completions ${shell} > ${script} COMMENT "Completions for ${shell}")
  set_property(TARGET completions APPEND PROPERTY SOURCES ${script})
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endfunction()
if(GORDIAN_BUILD_ANALYZER)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/completions)
  add_custom_target(completions ALL)
  gordian_completion(bash bash-completion/completions gordian)
  gordian_completion(zsh zsh/site-functions _gordian)
  gordian_completion(fish fish/vendor_completions.d gordian.fish)
endif()
