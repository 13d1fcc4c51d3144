/// How a command ends, by the convention of sysexits.h, so that scripts can tell the reasons apart.
enum ExitStatus: Int32 {
  case usage = 64
  case dataError = 65
  case noInput = 66
  case unavailable = 69
  case software = 70
  case ioError = 74
  case temporary = 75
  case protocolError = 76
  case noPermission = 77
  case configuration = 78
}
