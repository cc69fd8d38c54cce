#ifndef PLUMB_CLIBYAML_SHIM_H
#define PLUMB_CLIBYAML_SHIM_H

#include <yaml.h>

#endif
