import Glibc
import Notebook

exit(Program.main())
