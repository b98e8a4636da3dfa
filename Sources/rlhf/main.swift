import Notebook

Program.main()
