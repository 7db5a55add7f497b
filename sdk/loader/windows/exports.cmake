# careplug.dll with careplug.def and an import library. The .def is made from host.h; a vendor with another
# compiler makes an import library of their own from it.
get_target_property(abi_include careplug_abi INTERFACE_INCLUDE_DIRECTORIES)
set(host_header ${abi_include}/careplug/host.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${host_header})
file(STRINGS ${host_header} host_lines REGEX "CAREPLUG_CALL careplug_[a-z_]+\\(")
set(definition "LIBRARY careplug.dll\nEXPORTS\n")
foreach(line IN LISTS host_lines)
  string(REGEX MATCH "CAREPLUG_CALL (careplug_[a-z_]+)\\(" matched "${line}")
  string(APPEND definition "    ${CMAKE_MATCH_1}\n")
endforeach()
set(definition_file ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/careplug.def)
file(CONFIGURE OUTPUT ${definition_file} CONTENT "${definition}")

target_sources(careplug_loader PRIVATE ${definition_file})
set_target_properties(careplug_loader PROPERTIES PREFIX "")
target_link_options(careplug_loader PRIVATE -static)
