-- One GET, as a phone sends it.
package.path = os.getenv('BENCH') .. '/?.lua;' .. package.path
require('said')
wrk.path = os.getenv('PATH_OF')
wrk.headers['accept-encoding'] = os.getenv('ENCODING')
