import Custody
import Testing
