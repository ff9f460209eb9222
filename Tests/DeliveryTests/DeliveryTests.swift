import Delivery
import Testing
